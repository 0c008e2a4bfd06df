"""How, and where, is what a plan asks for computed?"""
