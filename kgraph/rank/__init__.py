"""Stage two: from a corpus to related lists with reasons, hubs, authorities and communities."""

from kgraph.sparseimport import import_scipy_sparse

import_scipy_sparse()
