"""On what machine, with what programs, does everything run?"""
