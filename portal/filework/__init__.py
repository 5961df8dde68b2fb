"""What workers do with a file once it is stored, each in a limited child process."""
