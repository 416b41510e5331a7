package engines

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// screen is an X server without a monitor.
type screen struct {
	display string
	server  *exec.Cmd
}

// newScreen starts one that the machine has no other program on. The server
// chooses its number itself, so that many can start at a time.
func newScreen() (*screen, error) {
	path, err := find("xvfb", "Xvfb")
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	server := exec.Command(path, "-displayfd", "3", "-screen", "0",
		"1280x1000x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	err = server.Start()
	write.Close()
	if err != nil {
		return nil, err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		end(server)
		return nil, fmt.Errorf("engines: Xvfb did not start: %w", err)
	}
	return &screen{":" + strings.TrimSpace(number), server}, nil
}

// command is a program that shows its windows on the screen.
func (s *screen) command(path string, args ...string) *exec.Cmd {
	c := exec.Command(path, args...)
	c.Env = append(os.Environ(), "DISPLAY="+s.display, "GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1",
		"MOZ_CRASHREPORTER_DISABLE=1",
		"GTK_A11Y=none", "NO_AT_BRIDGE=1", "LANG=C.UTF-8")
	group(c)
	return c
}

func (s *screen) close() { end(s.server) }

// end kills a program with all that it has started, and waits for it.
func end(c *exec.Cmd) {
	kill(c)
	c.Wait() // its exit status says that it was killed
}
