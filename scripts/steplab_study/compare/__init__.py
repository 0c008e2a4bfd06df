"""Is a step of B faster or slower than one of A?"""
