"""What asks a person before something happens that cannot be taken back, or that needs several answers."""
