"""A figure is one line of JSON, which run.py reads."""

import json


def figure(name, value, unit, better="lower", **more):
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "better": better, **more}), flush=True)
