"""What the machine lacks, told as what it is: nobody's error in the question, nor one of ours."""

from errno import EDQUOT, EIO, ENOSPC, EROFS

from servicepolicy_models.errors import MachineFailed, ServicePolicyError, TooLarge, error

DISK = (ENOSPC, EDQUOT, EIO, EROFS)
"""What the system says of a disk that is full or fails."""


def lack_of_the_machine(wrong: Exception) -> ServicePolicyError | None:
    """The error that stands for want of memory, or for a disk that is full or fails; None for all others."""
    if isinstance(wrong, MemoryError):
        mend = "Give more memory, or ask for fewer items, segments or lines."
        return TooLarge([error("memory", "there is not enough of it.", "machine.no_memory", mend)])
    if isinstance(wrong, OSError) and wrong.errno in DISK:
        where, what = str(wrong.filename or "the disk"), f"{wrong.strerror}."
        return MachineFailed([error(where, what, "machine.disk", "Free or mend the disk, and ask again.")])
    return None
