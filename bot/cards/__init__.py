"""How answers and posts look: values in, Components V2 layouts out."""
