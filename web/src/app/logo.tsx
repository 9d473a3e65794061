export const Logo = ({ size = 28 }: { size?: number }) => (
  <svg class="logo" viewBox="0 0 16 16" width={size} height={size} role="img" aria-label="Muster">
    <rect class="logo-ground" width="16" height="16" rx="4" />
    <path class="logo-line" d="M4 11.5v-7l4 4 4-4v7" fill="none" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);
