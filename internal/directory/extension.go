package directory

// Extension is where a member can be reached: a telephone, a SIP address or the
// browser itself.
type Extension struct {
	ID          ExtensionID   `json:"id"`
	Type        ExtensionType `json:"type"`
	Value       string        `json:"value"`
	Description string        `json:"description"`
	// Provider, Region and SDKVersion are for the telephony in the browser; empty
	// where there is none.
	Provider   string `json:"provider,omitempty"`
	Region     string `json:"region,omitempty"`
	SDKVersion string `json:"sdkVersion,omitempty"`
}

// ExtensionType is the kind of an extension.
type ExtensionType string

// The types of extension, with their names on the wire.
const (
	PSTN   ExtensionType = "pstn"
	SIP    ExtensionType = "sip"
	WebRTC ExtensionType = "webrtc"
)

// ExtensionTypes returns all types of extension.
func ExtensionTypes() []ExtensionType { return []ExtensionType{PSTN, SIP, WebRTC} }
