"""What is fixed before anything runs?"""
