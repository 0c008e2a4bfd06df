"""Which hyperparameters does each optimizer get?"""
