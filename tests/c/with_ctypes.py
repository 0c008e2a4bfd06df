#!/usr/bin/python3
"""The C API from Python's ctypes: a shared library that only holds it, a few steps, and an error."""
import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
library.steplab_create.restype = ctypes.c_void_p
library.steplab_last_error.restype = ctypes.c_char_p
library.steplab_add.restype = ctypes.c_int64
library.steplab_add.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t,
                                ctypes.c_int]
library.steplab_set_gradient.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p]
library.steplab_set_hyper.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_double]
library.steplab_step.argtypes = library.steplab_destroy.argtypes = [ctypes.c_void_p]

values = (ctypes.c_float * 4)(1, 2, 3, 4)
gradient = (ctypes.c_float * 4)(1, 1, 1, 1)
optimizer = library.steplab_create(b"sgd", None)
assert library.steplab_set_hyper(optimizer, 0, b"lr", 0.5) == 0
parameter = library.steplab_add(optimizer, b"w", values, 4, 0)
assert parameter == 0, library.steplab_last_error()
assert library.steplab_set_gradient(optimizer, parameter, gradient) == 0
assert library.steplab_step(optimizer) == 0 and library.steplab_step(optimizer) == 0
assert list(values) == [0, 1, 2, 3], list(values)
assert library.steplab_set_hyper(optimizer, 0, b"lr", float("nan")) == -1
assert b"lr is nan" in library.steplab_last_error()
library.steplab_destroy(optimizer)
print("ctypes: all checks hold")
