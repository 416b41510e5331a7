//go:build !unix

package engines

import "os/exec"

// group does nothing where programs have no groups.
func group(*exec.Cmd) {}

// kill ends a program.
func kill(c *exec.Cmd) { c.Process.Kill() }
