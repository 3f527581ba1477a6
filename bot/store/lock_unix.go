//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes an exclusive lock that ends with the process. It is a file
// of its own: closing any descriptor of the database itself would drop SQLite's
// locks (POSIX fcntl).
func lockFile(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(err, f.Close())
	}
	// The file stays: removing it would let two processes lock two files.
	return f.Close, nil
}

// readable asks the system without opening the file: closing it again would
// drop SQLite's locks.
func readable(path string) bool {
	const read = 4 // R_OK of POSIX
	return syscall.Access(path, read) == nil
}
