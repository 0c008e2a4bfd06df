"""What is one training run, and what is read off it?"""
