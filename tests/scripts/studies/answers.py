"""Drives a plan with made-up results, as the driver would with real ones."""


def finish(plan, answer):
    """(outcome, requests): every requested configuration is answered by `answer(config)`."""
    requests, results = [], None
    while True:
        try:
            request = plan.send(results)
        except StopIteration as end:
            return end.value, requests
        requests.append(request)
        results = [answer(config) for config in request]
