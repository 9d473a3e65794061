package provision

import ("testing";"time";"strings";"fmt";"github.com/goccy/go-yaml/lexer")

func TestZZ(t *testing.T) {
	for _, n := range []int{50000,100000,200000,400000} {
		s := time.Now(); lexer.Tokenize(strings.Repeat("[", n)); fmt.Println("[", n, time.Since(s))
		s = time.Now(); lexer.Tokenize(strings.Repeat("- ", n)); fmt.Println("-", n, time.Since(s))
	}
	for _, n := range []int{1000,2000,4000} {
	var b strings.Builder
	b.WriteString("users:\n")
	for i := range n { fmt.Fprintf(&b, "  - username: agent%d@demo.example\n    id: \"0190a6f0-0000-7000-8000-0000000%05d\"\n    firstName: Avery\n    lastName: Agent\n    active: true\n    tenants:\n      - tenant: demo\n        roles: [agent]\n        groups: [sales, service]\n        skills: [english, german]\n        extensions:\n          - { type: sip, value: \"sip:%d@x\", description: Desk }\n        activeExtension: \"sip:%d@x\"\n", i, i,i,i) }
	s := time.Now(); lexer.Tokenize(b.String()); fmt.Println("users lex", n, b.Len(), time.Since(s))
	s = time.Now(); parseSyntax(File{"x", []byte(b.String())}); fmt.Println("users parse", n, time.Since(s))
	s = time.Now(); Parse([]File{{"x", []byte(b.String())}}); fmt.Println("users spec", n, time.Since(s))
	}
}
