"""What is read: the report, and README's summary of it?"""
