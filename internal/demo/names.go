package demo

import (
	"fmt"
	"strings"
)

// Name is that of a simulated agent.
type Name struct{ First, Last, Username string }

// NameOf returns the name of the simulated agent of that index, from 0. The same
// seed gives the same names; user names are unique below [MaxAgents], and where
// the lists are used up, alike names are numbered.
func NameOf(index int, seed uint64) Name {
	combinations := uint64(len(firstNames) * len(lastNames))
	combination := (uint64(index) + (seed-1)%combinations) % combinations
	round := combination / uint64(len(firstNames))
	n := Name{
		First: firstNames[combination%uint64(len(firstNames))],
		// One further in each round: no first name meets a last name twice, as the
		// lists are of the same length.
		Last: lastNames[(combination+round)%uint64(len(lastNames))],
	}
	n.Username = inUsername(n.First) + "." + inUsername(n.Last)
	if again := index / int(combinations); again > 0 {
		n.Username += fmt.Sprint(again + 1)
	}
	n.Username += "@demo.example"
	return n
}

// Username returns the user name of the simulated agent of that index.
func Username(index int, seed uint64) string { return NameOf(index, seed).Username }

// inUsername writes a name as keyboards everywhere can.
func inUsername(name string) string { return latin.Replace(strings.ToLower(name)) }

var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "å", "aa", "ø", "oe", "æ", "ae",
	"á", "a", "à", "a", "ã", "a", "ç", "c", "é", "e", "è", "e", "ë", "e", "ê", "e", "í", "i", "ñ", "n", "ń", "n",
	"ó", "o", "ô", "o", "ú", "u", "ł", "l", "ś", "s", "š", "s", "č", "c", "ć", "c", "ž", "z", "ý", "y", "ř", "r",
	"ı", "i", "ğ", "g", "ş", "s", " ", "", "'", "", "-", "",
)

// The lists are of the same length, which [NameOf] needs. Neighbours stand in
// one line of both: the first agents of seed 1 are Amelie Brandt, Mateo García
// and so on, then everybody gets other last names.
var (
	firstNames = [...]string{
		"Amelie", "Mateo", "Aisha", "Jonas", "Mei", "Oluwaseun", "Chloé", "Hiroshi",
		"Fatima", "Lukas", "Priya", "Søren", "Zoë", "Diego", "Nadia", "Kwame",
		"Ingrid", "Rafael", "Yuki", "Elif", "Tomás", "Siobhán", "Arjun", "Katarzyna",
		"Noah", "Leila", "Björn", "Camila", "Minh", "Anneke", "Samuel", "Thandiwe",
		"Ivan", "Giulia", "Omar", "Eszter", "Liam", "Sakura", "Pavel", "Adaeze",
		"Emil", "Valentina", "Tariq", "Agnieszka", "Hugo", "Ananya", "Mikael", "Rosa",
		"Daniel", "Ayşe", "Felipe", "Maren", "Joon", "Beatriz", "Callum", "Ioana",
		"Kenji", "Amara", "Viktor", "Salma", "Niamh", "Luca", "Wanjiru", "Petra",
		"Ravi", "Élodie", "Stefan", "Lindiwe", "Marek", "Hana", "Gabriel", "Ewa",
		"Faisal", "Clara", "Dmitri", "Nomvula", "Andrés", "Freya", "Haruto", "Zeynep",
	}
	lastNames = [...]string{
		"Brandt", "García", "Rahman", "Müller", "Chen", "Adeyemi", "Dubois", "Tanaka",
		"Al-Sayed", "Novák", "Sharma", "Jørgensen", "de Vries", "Ramírez", "Petrova", "Mensah",
		"Lindqvist", "Oliveira", "Sato", "Yılmaz", "Almeida", "O'Brien", "Patel", "Kowalska",
		"Fischer", "Haddad", "Eriksson", "Rojas", "Nguyen", "Bakker", "Okafor", "Dlamini",
		"Horvat", "Rossi", "Farouk", "Kovács", "Murphy", "Yamamoto", "Dvořák", "Eze",
		"Nilsson", "Moretti", "Khan", "Wiśniewska", "Lefèvre", "Iyer", "Virtanen", "Delgado",
		"Schneider", "Demir", "Souza", "Hansen", "Kim", "Carvalho", "MacLeod", "Popescu",
		"Watanabe", "Diallo", "Ivanov", "Mansour", "Gallagher", "Bianchi", "Kamau", "Svoboda",
		"Reddy", "Moreau", "Weber", "Nkosi", "Zieliński", "Ito", "Santos", "Nowak",
		"Aziz", "Keller", "Sokolov", "Mokoena", "Vargas", "Larsen", "Suzuki", "Kaya",
	}
)
