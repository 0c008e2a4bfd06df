"""How does steplab do beside what people would use instead?"""
