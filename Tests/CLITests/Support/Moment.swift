import Glibc

/// Blocks the calling thread for a millisecond.
func sleepAMoment() { usleep(1000) }
