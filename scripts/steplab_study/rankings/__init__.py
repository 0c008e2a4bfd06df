"""Who needs fewer steps, and fewer seconds, to the target?"""
