"""What the commands show people: a module per kind of answer, in Dutch, on paper (`screen.paper`)."""
