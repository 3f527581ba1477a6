//go:build !unix

package store

import (
	"errors"
	"fmt"
	"os"
)

// lockFile takes an exclusive lock by creating a file that it removes at the
// end. After a crash the file has to be removed by hand; the error says so.
func lockFile(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s (remove it if nothing runs): %w", path, ErrInUse)
	}
	if err != nil {
		return nil, err
	}
	return func() error { return errors.Join(f.Close(), os.Remove(path)) }, nil
}

// readable is true: there is no way to ask without opening the file.
func readable(string) bool { return true }
