package sdk

import "strconv"

// Code is the number of an error. A Code is itself an error, so that callers ask
//
//	errors.Is(err, sdk.CodeReasonUnknown)
//
// Codes are added, never renamed: pages and programs compare them.
type Code int

// The codes. 2000 is reserved and never raised: a refused right keeps the code of the function that was called. 1004, a wrong
// number of arguments, is raised where a language lets that happen; in Go the compiler does it.
const (
	CodeOptionsInvalid      Code = 1000 // from New
	CodeModuleFailed        Code = 1002 // a part of the client could not start; no client raises it
	CodeParametersInvalid   Code = 1003
	CodeArgumentsInvalid    Code = 1004
	CodeMessageUnknown      Code = 1005
	CodePermissionMissing   Code = 2000
	CodeConfigUnread        Code = 2001
	CodeSessionNotStarted   Code = 2002
	CodeSessionGone         Code = 2003
	CodeStateRefused        Code = 2004
	CodeExtensionUnknown    Code = 2005
	CodeExtensionUnsaved    Code = 2006
	CodeReasonUnknown       Code = 2007
	CodeDirectionRefused    Code = 2008
	CodeExtensionsUnread    Code = 2009
	CodeTenantUnread        Code = 2010
	CodeRegionUnread        Code = 2011
	CodeDetailsUnread       Code = 2012
	CodePresenceRefused     Code = 2013
	CodeRunningStateUnread  Code = 2014
	CodeUserConfigUnread    Code = 2015
	CodeTenantHeld          Code = 2100
	CodeFloorUnread         Code = 2101
	CodeWorkUnreported      Code = 2102
	CodeWhyUnread           Code = 2103
	CodeReasonsUnread       Code = 2104
	CodeTokenRefused        Code = 3000 // no token for these credentials
	CodeLogoutRefused       Code = 3001
	CodeIdentityRefused     Code = 3002
	CodeIdentityWindow      Code = 3004
	CodeAuthInfoUnread      Code = 3005
	CodeDefaultTenant       Code = 3006
	CodeTokenExpired        Code = 3100 // expired or revoked
	CodeWorkOpen            Code = 4000
	CodeRemovalRefused      Code = 7014
	CodeMonitoringRefused   Code = 7022
	CodeMonitoringExtension Code = 7025
	CodeLogsUnsaved         Code = 14000
)

// Level says how bad an error is. Desktops show a SessionFatal on the whole screen.
type Level string

// The levels, from the mildest.
const (
	LevelWarn             Level = "warn"
	LevelError            Level = "error"
	LevelInteractionError Level = "interaction-error"
	LevelInteractionFatal Level = "interaction-fatal"
	LevelSessionFatal     Level = "session-fatal"
)

// codeRow is what is fixed about a code.
type codeRow struct {
	code    Code
	level   Level
	message string // without a full stop; what to do, where there is something
}

// codeRows has a row for each code (TestCode_HasALevelAContextAndAMessage).
var codeRows = [...]codeRow{
	{CodeOptionsInvalid, LevelError, "the client's options are invalid"},
	{CodeModuleFailed, LevelSessionFatal, "a required part of the client could not start"},
	{CodeParametersInvalid, LevelError, "the parameters are invalid"},
	{CodeArgumentsInvalid, LevelError, "the number of arguments is wrong: give parameters and a callback at most"},
	{CodeMessageUnknown, LevelError, "the server pushed a message of an unknown kind, which was passed over"},
	{CodePermissionMissing, LevelError, "a permission is missing"},
	{CodeConfigUnread, LevelError, "the user's configuration could not be read"},
	{CodeSessionNotStarted, LevelError, "the session could not be started"},
	{CodeSessionGone, LevelSessionFatal, "the session is gone: it ended, or the user started another elsewhere; set the active tenant to start anew"},
	{CodeStateRefused, LevelError, "the state could not be changed"},
	{CodeExtensionUnknown, LevelError, "the extension is not among the user's: take one of validExtensions"},
	{CodeExtensionUnsaved, LevelError, "the active extension could not be saved"},
	{CodeReasonUnknown, LevelError, "the reason is not among the user's: take one of validReasons"},
	{CodeDirectionRefused, LevelError, "the direction could not be changed"},
	{CodeExtensionsUnread, LevelError, "the user's extensions could not be read"},
	{CodeTenantUnread, LevelError, "the tenant could not be read"},
	{CodeRegionUnread, LevelError, "the tenant's region could not be read"},
	{CodeDetailsUnread, LevelError, "the tenants' details could not be read"},
	{CodePresenceRefused, LevelError, "the presence state could not be changed"},
	{CodeRunningStateUnread, LevelError, "the running session's state could not be read"},
	{CodeUserConfigUnread, LevelError, "the user's configuration could not be read"},
	{CodeTenantHeld, LevelError, "the tenant was not changed: work is open in the running session; end it first"},
	{CodeFloorUnread, LevelError, "the floor could not be read"},
	{CodeWorkUnreported, LevelError, "the work could not be reported"},
	{CodeWhyUnread, LevelError, "what led to the state could not be read"},
	{CodeReasonsUnread, LevelError, "the reason lists could not be read"},
	{CodeTokenRefused, LevelError, "there is no token for these credentials"},
	{CodeLogoutRefused, LevelError, "the logout was refused"},
	{CodeIdentityRefused, LevelError, "the identity of the token's owner could not be read"},
	{CodeIdentityWindow, LevelError, "the identity window failed"},
	{CodeAuthInfoUnread, LevelError, "the log-in information could not be read"},
	{CodeDefaultTenant, LevelError, "the default tenant could not be changed"},
	{CodeTokenExpired, LevelError, "the token has expired or was revoked: set a fresh one"},
	{CodeWorkOpen, LevelError, "work is still active: end it first"},
	{CodeRemovalRefused, LevelError, "the resource could not be removed"},
	{CodeMonitoringRefused, LevelError, "silent monitoring could not be started"},
	{CodeMonitoringExtension, LevelError, "there is no such extension to monitor with: take one of extensions"},
	{CodeLogsUnsaved, LevelError, "the logs could not be saved"},
}

// Codes returns all codes, rising.
func Codes() []Code {
	codes := make([]Code, len(codeRows))
	for i, row := range codeRows {
		codes[i] = row.code
	}
	return codes
}

// Level is how bad errors of this code are.
func (c Code) Level() Level { return c.row().level }

// Context is the part of the SDK that the code belongs to.
func (c Code) Context() string {
	switch c / 1000 {
	case 1:
		return "general"
	case 2:
		return "session"
	case 3:
		return "authentication"
	case 4:
		return "interaction"
	case 7:
		return "voice"
	default:
		return "logging"
	}
}

// Message says in one line, without a full stop, what happened and what to do.
func (c Code) Message() string { return c.row().message }

// Error makes a Code a target of errors.Is.
func (c Code) Error() string { return strconv.Itoa(int(c)) + ": " + c.Message() }

func (c Code) row() codeRow {
	for _, row := range codeRows {
		if row.code == c {
			return row
		}
	}
	return codeRow{code: c, level: LevelError, message: "unknown error"}
}
