//go:build race

package feeds

// racing reports that the race detector runs, which makes the largest documents
// take minutes.
const racing = true
