"""The limit: trafilatura in a pool of processes over the pages of a folder, with the pipeline's options, no more."""

import multiprocessing
import sys
from pathlib import Path

from trafilatura import bare_extraction


def text(path):
    found = bare_extraction(path.read_bytes(), include_comments=False, with_metadata=False)
    return len(found.text or "") if found else 0


if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.html"))
    with multiprocessing.get_context("fork").Pool(int(sys.argv[2])) as pool:
        print(sum(pool.imap_unordered(text, files, chunksize=20)))
        pool.close()
        pool.join()
