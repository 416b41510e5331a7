//go:build unix

package engines

import (
	"os/exec"
	"syscall"
)

// group makes what a program starts part of its group.
func group(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// kill ends a program and its group.
func kill(c *exec.Cmd) {
	if c.SysProcAttr != nil && c.SysProcAttr.Setpgid {
		syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // it may have ended
	}
	c.Process.Kill() // likewise
}
