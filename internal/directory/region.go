package directory

// Region is where a tenant is served.
type Region struct {
	ID          RegionID `json:"id"`
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
}
