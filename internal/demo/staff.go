package demo

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// groups and skills are what simulated agents have: the groups by their keys in
// examples/demo.yaml.
var (
	groups = [...]string{"sales", "service", "technical"}
	skills = [...]string{"english", "german", "french", "spanish", "turkish", "polish"}
)

// StaffFile returns a provisioning file of the first so many simulated agents of
// a seed. It goes with examples/demo.yaml, which has the tenant `demo` and the
// role, groups and reason lists that it refers to. All agents have the password
// of the hash. The same arguments give the same file.
func StaffFile(agents int, seed uint64, passwordHash string) []byte {
	var file bytes.Buffer
	file.WriteString("# The simulated agents of `muster demo`.\nusers:")
	if agents == 0 {
		file.WriteString(" []\n")
		return file.Bytes()
	}
	file.WriteString("\n")
	for i := range agents {
		writeAgent(&file, i, NameOf(i, seed), passwordHash)
	}
	return file.Bytes()
}

func writeAgent(file *bytes.Buffer, index int, name Name, passwordHash string) {
	fmt.Fprintf(file, "  - username: %s\n", strconv.Quote(name.Username))
	fmt.Fprintf(file, "    firstName: %s\n", strconv.Quote(name.First))
	fmt.Fprintf(file, "    lastName: %s\n", strconv.Quote(name.Last))
	fmt.Fprintf(file, "    passwordHash: %s\n", strconv.Quote(passwordHash))
	file.WriteString("    defaultTenant: demo\n    tenants:\n      - tenant: demo\n        roles: [agent]\n")
	fmt.Fprintf(file, "        groups: [%s]\n", strings.Join(groupsOf(index), ", "))
	fmt.Fprintf(file, "        skills: [english, %s]\n", skills[1+index%(len(skills)-1)])
	if index%4 == 0 {
		file.WriteString("        reasonLists: [back-office]\n")
	}
	file.WriteString("        extensions:\n")
	writeExtensions(file, index, strings.TrimSuffix(name.Username, "@demo.example"))
}

// groupsOf gives everybody a group and every fifth agent a second one.
func groupsOf(index int) []string {
	of := []string{groups[index%len(groups)]}
	if index%5 == 4 {
		of = append(of, groups[(index+1)%len(groups)])
	}
	return of
}

// writeExtensions gives everybody the browser, and one of two telephones.
func writeExtensions(file *bytes.Buffer, index int, short string) {
	fmt.Fprintf(file, "          - { type: webrtc, value: %s, description: Browser, provider: twilio, region: gll, sdkVersion: \"2.0\" }\n", short)
	if index%2 == 0 {
		fmt.Fprintf(file, "          - { type: sip, value: \"sip:%s@pbx.demo.example\", description: Desk phone }\n", short)
		return
	}
	fmt.Fprintf(file, "          - { type: pstn, value: \"+493012%05d\", description: Office }\n", index)
}
