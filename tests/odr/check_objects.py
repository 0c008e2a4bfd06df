#!/usr/bin/python3
"""Looks into the library's object files for what the linker or a wrong flag could do to the kernels.

 - No weak name that a kernel object defines is defined by another object too: the linker would keep one copy,
   and one kernel would run another's code.
 - No kernel holds a fused multiply-add: a product and a sum are rounded apart.
 - The scalar kernel holds no packed arithmetic (moves and logic are allowed).
 - A kernel holds only instructions of the set that its name ends with; all else is baseline.

Prints each violation and exits with 1 if there is one.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys

DEFINED_GLOBALS = 'TDBRGSCWVu'
WEAK = 'WVu'
FUSED = re.compile(r'\bvf[n]?m(add|sub)|\bf[n]?m(add|sub)\b|\bfml[as]\b')
PACKED = re.compile(r'\bv?(add|sub|mul|div|sqrt|min|max)p[sd]\b'
                    r'|\bf(add|sub|mul|div|sqrt|min|max|minnm|maxnm)\s+v\d+\.')
AVX = re.compile(r'^v[a-z]|%[yz]mm')
AVX512 = re.compile(r'%zmm|%k[0-7]|%xmm(1[6-9]|2\d|3[01])|%ymm(1[6-9]|2\d|3[01])')


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def globals_of(path):
    """Names that an object defines for others, each with its type as nm prints it."""
    names = {}
    for line in run('nm', '--defined-only', '--extern-only', path).splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[1] in DEFINED_GLOBALS:
            names[fields[2]] = fields[1]
    return names


def instructions_of(path):
    """Pairs of a function's name and an instruction in it."""
    function = ''
    for line in run('objdump', '-d', '--no-show-raw-insn', path).splitlines():
        header = re.match(r'[0-9a-f]+ <(.*)>:$', line)
        if header:
            function = header[1]
        elif '\t' in line:
            # Names in jump targets and comments may look like anything: they are cut off.
            yield function, re.split(r'[<#]', line.split('\t', 1)[1])[0].strip()


def stem(path):
    return path.name.split('.')[0]


def shared_names(kernels, others):
    """Weak names of a kernel that another object defines too."""
    owners = collections.defaultdict(list)
    for path in kernels + others:
        for name, kind in globals_of(path).items():
            owners[name].append((path, kind))
    for name, where in sorted(owners.items()):
        weak_in_kernel = any(path in kernels and kind in WEAK for path, kind in where)
        if len(where) > 1 and weak_in_kernel:
            yield f'weak name {name} is shared by ' + ' and '.join(str(path) for path, _ in where)


def forbidden_in_kernel(name):
    """What the kernel of that name must not hold: pairs of a reason and a pattern."""
    yield 'fused multiply-add', FUSED
    if name == 'scalar':
        yield 'packed arithmetic in the scalar kernel', PACKED
    if name == 'scalar' or name.endswith('_sse2'):
        yield 'AVX in a baseline kernel', AVX
    elif name.endswith('_avx2'):
        yield 'AVX-512 in an AVX2 kernel', AVX512
    elif not name.endswith(('_avx512', '_neon64')):
        raise SystemExit(f'check_objects.py does not know what kernel {name} may hold: '
                         'add its instruction set')


def first_matches(path, forbidden):
    """The first instruction of an object that matches each pattern."""
    pending = list(forbidden)
    for function, instruction in instructions_of(path):
        for entry in list(pending):
            if entry[1].search(instruction):
                pending.remove(entry)
                yield f'{entry[0]}: "{instruction}" in {function} of {path}'


def violations(arguments):
    yield from shared_names(arguments.kernel, arguments.other)
    for path in arguments.kernel:
        yield from first_matches(path, forbidden_in_kernel(stem(path)))
    if not arguments.native:
        for path in arguments.other:
            yield from first_matches(path, [('AVX outside a kernel', AVX)])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kernel', type=pathlib.Path, action='append', default=[], help='a kernel object')
    parser.add_argument('--other', type=pathlib.Path, action='append', default=[], help='another object')
    parser.add_argument('--objects', type=pathlib.Path, nargs='+', default=[],
                        help='objects, kernels if they are in a folder of that name')
    parser.add_argument('--native', action='store_true', help='other objects are compiled for this machine')
    arguments = parser.parse_args()
    for path in arguments.objects:
        (arguments.kernel if path.parent.name == 'kernels' else arguments.other).append(path)
    if not arguments.kernel:
        parser.error('no kernel object given')
    found = list(violations(arguments))
    for text in found:
        print(text)
    print(f'{len(arguments.kernel)} kernels, {len(arguments.other)} other objects, {len(found)} violations')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
