package api

// The Gregorian calendar, carried back before its introduction as ISO 8601 does. Years are counted from March here: the leap day is
// then the last of its year, and the months follow a pattern of 153 days in five.

const (
	daysPerEra    = 146097 // 400 years
	yearsPerEra   = 400
	daysToUnix    = 719468 // from 0000-03-01 to 1970-01-01
	daysPerFive   = 153    // March to July, August to December
	daysPerYear   = 365
	daysPer4Years = 4*daysPerYear + 1
	daysPer100    = 25*daysPer4Years - 1
)

// dateOfDays gives the date that lies days after 1970-01-01.
func dateOfDays(days int64) (year, month, day int64) {
	days += daysToUnix
	era := floorDiv(days, daysPerEra)
	dayOfEra := days - era*daysPerEra
	// Taking the leap days out leaves years of equal length.
	yearOfEra := (dayOfEra - dayOfEra/(daysPer4Years-1) + dayOfEra/daysPer100 - dayOfEra/(daysPerEra-1)) / daysPerYear
	dayOfYear := dayOfEra - (daysPerYear*yearOfEra + yearOfEra/4 - yearOfEra/100)
	monthFromMarch := (5*dayOfYear + 2) / daysPerFive
	day = dayOfYear - (daysPerFive*monthFromMarch+2)/5 + 1
	year = era*yearsPerEra + yearOfEra
	if monthFromMarch < 10 {
		return year, monthFromMarch + 3, day
	}
	return year + 1, monthFromMarch - 9, day
}

// daysOfDate is the inverse of dateOfDays.
func daysOfDate(year, month, day int64) int64 {
	monthFromMarch := month - 3
	if month < 3 {
		year, monthFromMarch = year-1, month+9
	}
	era := floorDiv(year, yearsPerEra)
	yearOfEra := year - era*yearsPerEra
	dayOfYear := (daysPerFive*monthFromMarch+2)/5 + day - 1
	return era*daysPerEra + daysPerYear*yearOfEra + yearOfEra/4 - yearOfEra/100 + dayOfYear - daysToUnix
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		a -= b - 1
	}
	return a / b
}
