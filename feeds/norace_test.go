//go:build !race

package feeds

// racing reports that the race detector runs.
const racing = false
