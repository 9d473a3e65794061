package e2e

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// starts is how often the binary is started at least.
const starts = 20

// BenchmarkStart measures the time from starting the binary on an empty folder to
// its first answer to a request.
func BenchmarkStart(b *testing.B) {
	took := make([]time.Duration, max(starts, b.N))
	for i := range took {
		took[i] = firstAnswer(b, filepath.Join(b.TempDir(), "data"))
	}
	slices.Sort(took)
	milliseconds := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	b.ReportMetric(0, "ns/op") // the figures below are what was measured
	b.ReportMetric(milliseconds(took[0]), "min-ms")
	b.ReportMetric(milliseconds(took[len(took)/2]), "median-ms")
	b.ReportMetric(milliseconds(took[len(took)-1]), "max-ms")
}

// firstAnswer starts the binary, waits for an answer, and ends it.
func firstAnswer(b *testing.B, data string) time.Duration {
	b.Helper()
	command := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", "none", "--data", data)
	command.Env = cleanEnvironment()
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	begin := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	base := servesAt.FindString(line)
	if err != nil || base == "" {
		b.Fatalf("it printed %q: %v", line, err)
	}
	response, err := client.Get(base + "openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(io.Discard, response.Body)
	took := time.Since(begin)
	_ = response.Body.Close() // it was read to its end
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("status %d: %v", response.StatusCode, err)
	}
	_ = command.Process.Signal(syscall.SIGTERM) // whether it ends is seen below
	if err := command.Wait(); err != nil {
		b.Fatal(err)
	}
	return took
}
