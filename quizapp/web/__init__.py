"""What every page shares: access, forms, errors, rendering, assets, clock, health and logs."""
