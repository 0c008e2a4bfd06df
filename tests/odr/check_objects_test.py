#!/usr/bin/python3
"""check_objects.py finds each of the made-up violations in mutants/, and nothing in a pair without one."""
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent
OBJECTS = []


def mutant(folder, stem):
    """The object of mutants/<folder>/<stem>.cpp."""
    found = [path for path in OBJECTS if f'mutants/{folder}/{stem}.cpp' in path]
    assert len(found) == 1, f'{folder}/{stem}: {found}'
    return found[0]


def check(*arguments):
    result = subprocess.run(['/usr/bin/python3', HERE / 'check_objects.py', *map(str, arguments)],
                            capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


class CheckObjects(unittest.TestCase):
    def expect(self, text, *arguments):
        code, output = check(*arguments)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)

    def test_weak_name_in_two_kernels(self):
        self.expect('is shared by', '--kernel', mutant('shared', 'scalar'),
                    '--kernel', mutant('shared', 'xsimd_sse2'))

    def test_weak_name_in_a_kernel_and_another_object(self):
        self.expect('is shared by', '--kernel', mutant('shared', 'scalar'),
                    '--other', mutant('shared', 'xsimd_sse2'))

    def test_weak_name_in_two_other_objects_is_allowed(self):
        code, output = check('--kernel', mutant('wide', 'xsimd_avx2'), '--other', mutant('shared', 'scalar'),
                             '--other', mutant('shared', 'xsimd_sse2'))
        self.assertEqual(code, 0, output)

    def test_packed_arithmetic_in_scalar(self):
        self.expect('packed arithmetic', '--kernel', mutant('packed', 'scalar'))

    def test_fused_multiply_add(self):
        self.expect('fused multiply-add', '--kernel', mutant('fused', 'xsimd_avx2'))

    def test_avx_in_a_baseline_kernel(self):
        self.expect('AVX in a baseline kernel', '--kernel', mutant('wide', 'xsimd_sse2'))

    def test_avx_in_another_object(self):
        self.expect('AVX outside a kernel', '--kernel', mutant('shared', 'scalar'),
                    '--other', mutant('wide', 'xsimd_sse2'))

    def test_avx512_in_an_avx2_kernel(self):
        self.expect('AVX-512 in an AVX2 kernel', '--kernel', mutant('zmm', 'xsimd_avx2'))

    def test_unknown_kernel(self):
        code, output = check('--kernel', mutant('wide', 'xsimd_new'))
        self.assertEqual(code, 1, output)
        self.assertIn('does not know what kernel xsimd_new may hold', output)


if __name__ == '__main__':
    OBJECTS = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
