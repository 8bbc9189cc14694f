"""Imported by the server that workers are forked from: the built-in tagger is made once, its memory shared by all."""

import gc

from monitor.pipeline.jobs import shared_tagger

shared_tagger(None)
gc.freeze()  # a collection in a worker would touch, and so copy, what it shares
