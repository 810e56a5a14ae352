"""What a family is asked that sends its own pictures, and in which words; pure."""
