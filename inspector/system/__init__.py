"""What differs between systems: where files are kept, and how processes are told to end. Sockets don't."""
