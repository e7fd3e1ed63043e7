"""What can go wrong with the memory, by name."""

from servicepolicy_models.errors import ServicePolicyError


class StoreUnavailable(ServicePolicyError):
    """The store cannot be reached or cannot be written just now; ask again."""

    code = "store.unavailable"


class StoreInUse(ServicePolicyError):
    """Another process serves this store; a store in a file has one server."""

    code = "store.in_use"


class StoreBehind(ServicePolicyError):
    """The store was written by another version of the program."""

    code = "store.behind"


class StoreDamaged(ServicePolicyError):
    """The store's file fails its own check."""

    code = "store.damaged"


class NotThere(ServicePolicyError):
    """There is nothing of that name."""

    code = "store.not_there"


class VersionMoved(ServicePolicyError):
    """Somebody else changed it in the meantime."""

    code = "store.version_moved"


class KeyReused(ServicePolicyError):
    """This Idempotency-Key was used for another request."""

    code = "idempotency.key_reused"


class Unfit(ServicePolicyError):
    """The database cannot hold this text or number: a NUL character, say."""

    code = "store.unfit"


class Clash(ServicePolicyError):
    """Two requests did the same thing at the same moment; one of them has to come again."""

    code = "store.clash"
