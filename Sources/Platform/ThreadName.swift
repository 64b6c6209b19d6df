import CLinux

/// Names the calling thread for `ps -L` and debuggers.
func nameThisThread(_ name: String) { unsafe phonewire_name_thread(name) }
