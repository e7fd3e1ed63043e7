def conflicts(scenario, choices):
    return ()
