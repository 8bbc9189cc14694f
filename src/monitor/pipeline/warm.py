"""Imported by the server that workers are forked from: the built-in tagger is made once, its memory shared by all."""

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

import gc  # noqa: E402

from monitor.pipeline.worker import shared_tagger  # noqa: E402

shared_tagger(None)
gc.freeze()  # a collection in a worker would touch, and so copy, what it shares
