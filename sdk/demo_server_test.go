package sdk_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The examples run against a real server: the demo without its simulated agents,
// which is built and started when the first example asks for it.
var demo struct {
	once    sync.Once
	command *exec.Cmd
	folder  string
	base    string
	err     error
	ctx     context.Context
	end     context.CancelFunc
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer func() { // after a panic too
		if demo.command != nil {
			demo.end()
			_ = demo.command.Process.Signal(syscall.SIGTERM)
			_ = demo.command.Wait()
		}
		if demo.folder != "" {
			_ = os.RemoveAll(demo.folder)
		}
	}()
	return m.Run()
}

// demoServer is the address of a server that has the demo's people, and a context
// that ends before anybody wonders why nothing happens.
func demoServer() (context.Context, string) {
	demo.once.Do(func() { demo.err = startDemo() })
	if demo.err != nil {
		panic(demo.err)
	}
	return demo.ctx, demo.base
}

func startDemo() error {
	folder, err := os.MkdirTemp("", "muster-examples-")
	if err != nil {
		return err
	}
	demo.folder = folder
	binary := filepath.Join(folder, "muster")
	if output, err := exec.Command("go", "build", "-o", binary, "../cmd/muster").CombinedOutput(); err != nil {
		return fmt.Errorf("build the server: %w\n%s", err, output)
	}
	demo.command = exec.Command(binary, "demo", "--agents", "0", "--listen", "127.0.0.1:0", "--metrics-listen", "none")
	demo.command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "MUSTER_") })
	stdout, err := demo.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := demo.command.Start(); err != nil {
		return err
	}
	demo.ctx, demo.end = context.WithTimeout(context.Background(), time.Minute)
	address := regexp.MustCompile(`http://[0-9.]+:[0-9]+/v1/`)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if demo.base = address.FindString(lines.Text()); demo.base != "" {
			return nil
		}
	}
	return fmt.Errorf("the server ended at once")
}
