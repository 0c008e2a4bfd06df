#!/usr/bin/python3
"""clang-tidy over the translation units of a build, several read as one.

Most of clang-tidy's time goes into headers, which each file would read again. Files of one target with the
same flags are therefore included in one unit of --batch files. Where names of two files meet in it, it does
not compile: such a unit is halved until it does. Files are as the build compiles them, less the compiler's
own warnings, which are for the builds to tell, and the flags that only GCC knows.

Prints each warning once and exits with 1 if there is any.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

CONFIGURATION = pathlib.Path(__file__).resolve().parents[2] / '.clang-tidy'
WARNING = re.compile(r'(?:error|warning): .*\[[\w.,-]+\]$')
IN_A_UNIT = '-checks=-bugprone-suspicious-include'  # a unit includes source files


def groups(commands, wanted):
    """Files under one of the wanted folders, by folder to compile in and flags."""
    found = collections.defaultdict(list)
    for one in commands:
        file = pathlib.Path(one['directory'], one['file'])
        if not any(file.is_relative_to(folder) for folder in wanted):
            continue
        words, flags = iter(shlex.split(one['command'])), []
        for word in words:
            if word in ('-o', '-c', '-MF', '-MT'):
                next(words, None)
            elif word not in ('-fno-gnu-unique', '-MD', 'ccache') and not word.startswith('-W'):
                flags.append(word)
        found[one['directory'], tuple(flags)].append(file)
    return found


def tidy(directory, flags, files, options):
    """Warnings of clang-tidy about the files, read as one."""
    with tempfile.TemporaryDirectory() as folder:
        unit, extra = files[0], []
        if len(files) > 1:
            unit, extra = pathlib.Path(folder, 'unit.cpp'), [IN_A_UNIT]
            unit.write_text(''.join(f'#include "{file}"\n' for file in files))
        command = shlex.join([*flags, '-c', str(unit)])
        pathlib.Path(folder, 'compile_commands.json').write_text(
            json.dumps([{'directory': directory, 'file': str(unit), 'command': command}])
        )
        command = ['clang-tidy', '-quiet', '-p', folder, *merged(options + extra), str(unit)]
        done = subprocess.run(command, capture_output=True, text=True)
    if len(files) > 1 and 'clang-diagnostic-error' in done.stdout:
        halves = files[:len(files) // 2], files[len(files) // 2:]
        return set().union(*(tidy(directory, flags, half, options) for half in halves))
    warnings = {line for line in done.stdout.splitlines() if WARNING.search(line)}
    if done.returncode != 0 and not warnings:
        warnings = {f'{files[0]}: clang-tidy ended with {done.returncode}: {done.stderr.strip()}'}
    return warnings


def merged(options):
    """All -checks= as one, since clang-tidy takes the last alone."""
    checks = [one.removeprefix('-checks=') for one in options if one.startswith('-checks=')]
    others = [one for one in options if not one.startswith('-checks=')]
    return [*others, f'-checks={",".join(checks)}'] if checks else others


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--build', type=pathlib.Path, required=True, help='where compile_commands.json is')
    parser.add_argument('--batch', type=int, default=1, help='files read as one at the most')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--checks', default='', help='added to those of .clang-tidy; -name leaves one out')
    parser.add_argument('folders', type=pathlib.Path, nargs='+', help='whose files are read')
    arguments = parser.parse_args()
    if arguments.batch < 1:
        parser.error(f'--batch must be at least 1, got {arguments.batch}')
    # To clang-tidy the files of a unit are included ones, as headers are.
    options = ['-header-filter=(src|bench|tests)/.*\\.[ch]pp$', f'--config-file={CONFIGURATION}']
    if arguments.checks:
        options.append(f'-checks={arguments.checks}')
    commands = json.loads((arguments.build / 'compile_commands.json').read_text())
    wanted = [folder.resolve() for folder in arguments.folders]
    batches = []
    for (directory, flags), files in groups(commands, wanted).items():
        for first in range(0, len(files), arguments.batch):
            batches.append((directory, flags, files[first:first + arguments.batch], options))
    if not batches:
        parser.error(f'{arguments.build} compiles no file of {", ".join(map(str, arguments.folders))}')
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        warnings = set().union(*pool.map(lambda batch: tidy(*batch), batches))
    for warning in sorted(warnings):
        print(warning)
    read = sum(len(files) for _, _, files, _ in batches)
    print(f'{read} files in {len(batches)} units, {len(warnings)} warnings')
    return 1 if warnings else 0


if __name__ == '__main__':
    sys.exit(main())
