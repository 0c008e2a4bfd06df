"""Where are results kept?"""
