"""The frame around the screens: sidebar, top bar, palette, menu bar, jobs, notices, help, and what happens at start and end."""
