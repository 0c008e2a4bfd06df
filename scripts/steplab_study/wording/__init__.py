"""In which words, digits and units is it told?"""
