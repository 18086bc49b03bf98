"""What several commands share: what they are given, and how they tell what they found."""
