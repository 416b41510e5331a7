// Package progress shows on a terminal how far a command has come.
package progress

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// New returns a bar over a total of parts, which vanishes once it is full or
// cleared. On a w that is no terminal it shows nothing. The bar is an ornament:
// an error of its methods is no reason to stop.
func New(w io.Writer, total int, options ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions(total, append([]progressbar.Option{
		progressbar.OptionSetWriter(w), progressbar.OptionSetVisibility(isTerminal(w)),
		progressbar.OptionThrottle(50 * time.Millisecond), progressbar.OptionClearOnFinish(),
	}, options...)...)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
