"""How long does a step take, and how many bytes?"""
